import { useState } from 'react';

/** What the rows on the page were asked by: while others are on their way (`isOld`), what was chosen before. */
export function useShown<T>(chosen: T, isOld: boolean): T {
  const [there, setThere] = useState(chosen);
  if (!isOld && there !== chosen) setThere(chosen);
  return isOld ? there : chosen;
}
