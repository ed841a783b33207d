/** What the page may ask the browser for: the camera's picture, by the controller's own page. All else is refused. */
import { type Address, isOwn } from './address.ts';
import type { ShellSession } from './electron.ts';

export function limitPermissions(session: ShellSession, address: Address): void {
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      permission === 'media' && details.mediaType === 'video' && details.isMainFrame && isOwn(address, origin),
  );
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const pictureOnly = details.mediaTypes?.length === 1 && details.mediaTypes[0] === 'video';
    const own =
      isOwn(address, details.requestingUrl) && isOwn(address, details.securityOrigin ?? details.requestingUrl);
    callback(permission === 'media' && pictureOnly && details.isMainFrame && own);
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.on('will-download', (event) => event.preventDefault());
}
