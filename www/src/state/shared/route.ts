// The page's addresses: each job has its own, so that a link, a bookmark, back and forward lead there.

/** Each job's address. A job that comes to the page adds its line. */
const ADDRESSES = { chat: '#/chat', duplicates: '#/duplicates' } as const;

/** The name of a job's place. */
export type Route = keyof typeof ADDRESSES;

/** Every place, in the order of the bar of navigation: the chat first. */
export const ROUTES = Object.keys(ADDRESSES) as Route[];

/** Where a page without an address begins, and where an unknown one leads. */
export const HOME: Route = 'chat';

/** The place that the part of an address behind its `#` names, and whether that is its own address; null: it is a mark within the page. */
export function routeOf(hash: string): { route: Route; known: boolean } | null {
  if (hash === '') return { route: HOME, known: true };
  if (!hash.startsWith('#/')) return null;
  const route = ROUTES.find((each) => ADDRESSES[each] === hash);
  return { route: route ?? HOME, known: route !== undefined };
}

/** The address of a place, as a link says it. */
export function addressOf(route: Route): string {
  return ADDRESSES[route];
}
