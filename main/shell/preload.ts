/** The bridge into the page: these verbs, and no way to send anything else. What is given is checked in main. */
import { contextBridge, ipcRenderer } from 'electron';
import type { GenkanShell } from './page-api.ts';
import { BRIGHTNESS, QUIT } from './verbs/channels.ts';

const genkanShell: GenkanShell = {
  brightness: (percent) => ipcRenderer.invoke(BRIGHTNESS, percent),
  quit: (permit) => ipcRenderer.invoke(QUIT, permit),
};

contextBridge.exposeInMainWorld('genkanShell', genkanShell);
