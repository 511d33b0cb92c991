// For checking the scripts of a bundle, which are plain JavaScript: they find an element by a selector that says its
// kind, so elements and events are taken to have what any of theirs has. What is misspelt is still an error.

interface Window {
  heirloomDates?: unknown;
  heirloomIndex?: unknown;
}

interface Node {
  contains(other: EventTarget | null): boolean;
}

interface Element {
  dataset: DOMStringMap;
  focus(): void;
  hash: string;
  href: string;
  loop: boolean;
  pause(): void;
  play(): Promise<void>;
  preload: string;
}

interface HTMLElement {
  checked: boolean;
  open: boolean;
  options: HTMLOptionsCollection;
  value: string;
}

interface Event {
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}
