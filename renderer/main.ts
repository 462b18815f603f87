/** Starts the interface: styles, the connection to the host, the application. */
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/components.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './host/connect.ts';
import { fetchTexts } from './messages/parts.ts';
import { SpokenTexts } from './messages/spoken-texts.ts';
import { languageOf } from './state/app.svelte.ts';

const target = document.querySelector('#app')!;

async function start(): Promise<void> {
  const spoken = await SpokenTexts.in(languageOf(null), fetchTexts);
  mount(App, { target, props: { connection: connect(), spoken } });
}

/** Without its texts the interface has no words of its own: these are in both languages. */
function offerAgain(): void {
  const button = document.createElement('button');
  button.className = 'button';
  button.textContent = 'Try again / Réessayer';
  button.onclick = () => {
    location.reload();
  };
  const text = document.createElement('p');
  text.textContent = 'The texts cannot be loaded. / Les textes ne se chargent pas.';
  const main = document.createElement('main');
  main.append(text, button);
  target.replaceChildren(main);
}

void start().catch(offerAgain);
