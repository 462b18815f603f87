/** Where we are: the part of the address after #, so that back, forward and reload work without a server. */

export class Route {
  path = $state('/');
  query = $state.raw(new URLSearchParams());

  constructor() {
    this.#read();
    addEventListener('hashchange', () => {
      this.#read();
    });
  }

  /** Its first part: '' at home. */
  get place(): string {
    return this.path.split('/')[1] ?? '';
  }

  get parts(): readonly string[] {
    return this.path.split('/').slice(1);
  }

  go(path: string): void {
    location.hash = path;
  }

  #read(): void {
    const [path = '/', query = ''] = location.hash.replace(/^#/, '').split('?');
    // the fragment that brings the host's token is no place
    this.path = path.startsWith('/') ? path : '/';
    this.query = new URLSearchParams(query);
  }
}
