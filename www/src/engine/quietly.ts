// Cleaning up after a failure must not hide that failure.

/** Does it as far as it goes. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // The failure that led here is the one to tell.
  }
}
