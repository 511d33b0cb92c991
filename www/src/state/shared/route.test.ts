import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Msg } from '../state';
import { initialState } from '../state';
import { update } from '../update';
import { followAddress } from './address';
import { addressOf, routeOf } from './route';

describe('addresses', () => {
  it('have a place each, and lead back to it', () => {
    expect(addressOf('chat')).toBe('#/chat');
    expect(routeOf('#/chat')).toEqual({ route: 'chat', known: true });
  });

  it('lead to the chat where there is none', () => {
    expect(routeOf('')).toEqual({ route: 'chat', known: true });
  });

  it.each(['#/', '#/nowhere', '#/chat/more', '#/CHAT', '#/toString'])('lead to the chat where they are unknown: %s', (hash) => {
    expect(routeOf(hash)).toEqual({ route: 'chat', known: false });
  });

  it('are not what marks a spot within the page', () => {
    expect(routeOf('#main')).toBeNull();
  });
});

describe('the page', () => {
  let changed = () => {};
  const msgs: Msg[] = [];
  const address = { hash: '' };
  const go = (hash: string) => {
    address.hash = hash;
    changed();
  };

  beforeEach(() => {
    msgs.length = 0;
    address.hash = '';
    vi.stubGlobal('location', address);
    vi.stubGlobal('history', { state: null, replaceState: (_state: unknown, _title: string, to: string) => (address.hash = to) });
    vi.stubGlobal('addEventListener', (_kind: 'hashchange', listener: () => void) => (changed = listener));
    followAddress({ dispatch: (msg) => msgs.push(msg) });
  });

  it('begins where its address says, and follows it back and forward', () => {
    go('#/chat');
    go('');
    expect(msgs).toEqual(Array.from({ length: 3 }, () => ({ kind: 'routed', route: 'chat' })));
  });

  it('leaves no unknown address behind', () => {
    go('#/nowhere');
    expect(address.hash).toBe('#/chat');
    expect(msgs.at(-1)).toEqual({ kind: 'routed', route: 'chat' });
  });

  it('stays where it is, and says so nowhere, when the skip link is used', () => {
    go('#main');
    expect(address.hash).toBe('#main');
    expect(msgs).toHaveLength(1);
  });

  it('keeps everything as it is when it is there already', () => {
    expect(update(initialState, { kind: 'routed', route: 'chat' })).toBe(initialState);
  });
});
