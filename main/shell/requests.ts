/**
 * What the window may send: requests to the controller, without a proxy, and nothing else. To these it adds the proof
 * that this is the unit's own screen, which the page itself never sees.
 */
import { type Address, isOwn } from './address.ts';
import type { ShellSession } from './electron.ts';

/** The header in which the controller finds the token. */
export const TOKEN_HEADER = 'x-genkan-shell';

/** Electron takes Chromium's error numbers: ERR_FAILED. */
const REFUSED = -2;

/** @param token the newest token from the pipe; null while there is none */
export function limitRequests(session: ShellSession, address: Address, token: () => string | null): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    const frame = details.resourceType === 'mainFrame' || details.resourceType === 'subFrame';
    const inline = !frame && /^(data|blob):/.test(details.url);
    callback({ cancel: !inline && !isOwn(address, details.url) });
  });
  session.webRequest.onBeforeSendHeaders((details, callback) => {
    // The page can set a header of that name itself: only the pipe's token may stand in it.
    const kept = Object.entries(details.requestHeaders).filter(([name]) => name.toLowerCase() !== TOKEN_HEADER);
    const requestHeaders = Object.fromEntries(kept);
    const fromOwn = details.initiatorOrigin === undefined || isOwn(address, details.initiatorOrigin);
    const proof = token();
    if (proof !== null && fromOwn && isOwn(address, details.url)) requestHeaders[TOKEN_HEADER] = proof;
    callback({ requestHeaders });
  });
  // The controller speaks plain HTTP on loopback, so whoever shows a certificate is somebody else.
  session.setCertificateVerifyProc((_request, callback) => callback(REFUSED));
}
