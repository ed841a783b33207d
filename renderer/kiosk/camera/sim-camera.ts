/**
 * A camera for the browser tests whose plug and picture are in the test's hands. `installSimCamera` runs in the page
 * before everything else, so it is one function that uses nothing around it: it stands in for `getUserMedia` with the
 * stream of a canvas, and keeps the workers that the page starts.
 */
export interface SimCamera {
  plugged: boolean;
  /** False: the camera is there and gives no more frames. */
  running: boolean;
  readonly workers: Worker[];
}

declare global {
  interface Window {
    simCamera: SimCamera;
  }
}

export function installSimCamera(): void {
  const sim: SimCamera = { plugged: true, running: true, workers: [] };
  window.simCamera = sim;
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  let luma = 100;
  const draw = (): void => {
    requestAnimationFrame(draw);
    if (!sim.running || context === null) return;
    luma = luma === 100 ? 101 : 100;
    context.fillStyle = `rgb(${luma} ${luma} ${luma})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  draw();
  navigator.mediaDevices.getUserMedia = async () => {
    if (!sim.plugged) throw new DOMException('Requested device not found', 'NotFoundError');
    return canvas.captureStream(30);
  };
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      sim.workers.push(this);
    }
  };
}
