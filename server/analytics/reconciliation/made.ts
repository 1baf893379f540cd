/** What the map has under the key; made, and kept there, where it had nothing. */
export function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
