/** Whether a process of this computer lives; its number may be another one's by now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's lives as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
