/** Choosing a folder, and where a file goes. */
import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { TakeAway } from '../../core/contract/results.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { writeWholeFile } from '../files/files.ts';

export async function chooseFolder(window: BrowserWindow, t: Texts['t']): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('desktop.folder'),
    properties: ['openDirectory'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** Throws FederationError 'file-unreadable' where the place cannot be written. */
export async function saveFile(window: BrowserWindow, file: TakeAway, t: Texts['t']): Promise<string | null> {
  // a name, whatever it is made of: never a path
  const name = path.basename(file.name);
  const extension = path.extname(name).slice(1);
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: t('desktop.save'),
    defaultPath: path.join(app.getPath('downloads'), name),
    ...(extension === '' ? {} : { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
  });
  if (canceled || filePath === '') return null;
  await writeWholeFile(filePath, file.bytes);
  return filePath;
}
