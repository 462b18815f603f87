/** Starts the interface: styles, the connection to the host, the application. */
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/components.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './host/connect.ts';

mount(App, { target: document.querySelector('#app')!, props: { connection: connect() } });
