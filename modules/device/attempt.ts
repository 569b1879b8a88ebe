/** Does it; what it fails by is told, and goes no further. @returns has it been done? */
export function attempt(act: () => void, failed: (error: unknown) => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}
