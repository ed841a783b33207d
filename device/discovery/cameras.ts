import type { Tree } from './tree.ts';
import { linksTo } from './usb.ts';

export interface CameraFound {
  readonly path: string;
  readonly name: string;
  readonly stable: string | null;
}

/** Cameras by Video4Linux. A camera has further nodes for its metadata; only the first has pictures. */
export function listCameras(tree: Tree): readonly CameraFound[] {
  return tree.list('/sys/class/video4linux').flatMap((node): CameraFound[] => {
    const folder = `/sys/class/video4linux/${node}`;
    if (!node.startsWith('video') || (tree.text(`${folder}/index`) ?? '0') !== '0') return [];
    const path = `/dev/${node}`;
    const stable = linksTo(tree, '/dev/v4l/by-id', path)[0] ?? null;
    return [{ path, name: tree.text(`${folder}/name`) ?? 'camera', stable }];
  });
}
