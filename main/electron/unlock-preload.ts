/**
 * The preload of the page that asks for the passphrase: hands it to main, shows what main says. Nothing is exposed to
 * the page, which has no script.
 */
import { ipcRenderer } from 'electron';
import { UNLOCK_CHANNEL } from './channels.ts';

addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('form')!;
  const field = form.querySelector('input')!;
  const button = form.querySelector('button')!;
  const problem = form.querySelector('[role="alert"]')!;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const passphrase = field.value;
    button.disabled = true;
    problem.textContent = '';
    field.removeAttribute('aria-invalid');
    void ipcRenderer.invoke(UNLOCK_CHANNEL, passphrase).then((answer: unknown) => {
      button.disabled = false;
      if (typeof answer !== 'string') return;
      problem.textContent = answer;
      field.setAttribute('aria-invalid', 'true');
      field.select();
    });
  });
});
