/**
 * What is wrong with the tiles of a page, one sentence each; runs inside the page, so it stands alone. Looks at every
 * piece of text: is it cut off (an ellipsis is no cut for a name, but for a figure), out of its tile, over another, too small, too faint?
 */
export function findFaults(): string[] {
  const SMALLEST_PX = 11;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const faults: string[] = [];

  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  /** Any CSS colour over another, as sRGB 0–1. */
  const paint = (colors: string[]): number[] => {
    if (!pen) throw new Error('No canvas.');
    pen.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255);
  };
  const luminance = (rgb: number[]): number => {
    const [r = 0, g = 0, b = 0] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrastOf = (element: Element, color: string): number => {
    const grounds: string[] = [];
    for (let at: Element | null = element; at; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor);
    const [light = 0, dark = 0] = [luminance(paint(grounds)), luminance(paint([...grounds, color]))].sort(
      (a, b) => b - a,
    );
    return (light + 0.05) / (dark + 0.05);
  };

  interface Piece {
    text: string;
    left: number;
    right: number;
    top: number;
    bottom: number;
  }

  const textsOf = (tile: Element): { node: Text; element: Element }[] => {
    const walker = document.createTreeWalker(tile, NodeFilter.SHOW_TEXT);
    const found: { node: Text; element: Element }[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!(node instanceof Text) || !element || node.data.trim() === '') continue;
      if (!element.closest('.visually-hidden')) found.push({ node, element });
    }
    return found;
  };

  for (const tile of document.querySelectorAll('section[data-level]')) {
    const name = `${tile.closest('[data-scene]')?.getAttribute('data-scene') ?? ''} “${tile.getAttribute('aria-label')}”`;
    const frame = tile.getBoundingClientRect();
    const isStale = tile.getAttribute('data-stale') === 'true';
    const pieces: Piece[] = [];
    for (const { node, element } of textsOf(tile)) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const style = getComputedStyle(element);
      const px = Number.parseFloat(style.fontSize);
      const where = `${name} (${Math.round(frame.width)} × ${Math.round(frame.height)}): “${node.data.slice(0, 30)}”`;
      // A line of text is higher than what is drawn of it.
      const piece: Piece = {
        text: node.data,
        left: box.left,
        right: box.right,
        top: box.top + px * 0.25,
        bottom: box.bottom - px * 0.25,
      };
      for (let at: Element | null = element; at && at !== tile; at = at.parentElement) {
        const around = getComputedStyle(at);
        if (around.overflowX === 'visible') continue;
        const edge = at.getBoundingClientRect();
        if (around.textOverflow === 'ellipsis') {
          // Half a name is still a name; half a figure is another figure.
          const isCut = piece.left < edge.left - 0.1 || piece.right > edge.right + 0.1;
          if (isCut && element.closest('td')) faults.push(`${where} is a figure cut short`);
          piece.left = Math.max(piece.left, edge.left);
          piece.right = Math.min(piece.right, edge.right);
        } else if (piece.left < edge.left - 1 || piece.right > edge.right + 1) {
          faults.push(`${where} is cut off at the side`);
        }
        if (piece.top < edge.top - 1 || piece.bottom > edge.bottom + 1)
          faults.push(`${where} is cut off above or below`);
      }
      if (piece.right - piece.left < 1) continue;
      const isOut =
        piece.left < frame.left - 1 ||
        piece.right > frame.right + 1 ||
        piece.top < frame.top - 1 ||
        piece.bottom > frame.bottom + 1;
      if (isOut) faults.push(`${where} leaves its tile`);
      if (px < SMALLEST_PX) faults.push(`${where} is ${px} px`);
      // Old figures are faint on purpose; their label and reason are not.
      const isFaded = isStale && element.closest('[aria-busy]');
      const color = element instanceof SVGElement ? style.fill : style.color;
      const least = px >= 2.5 * rem ? 7 : 4.5;
      const contrast = isFaded ? least : contrastOf(element, color);
      if (contrast < least - 0.01) faults.push(`${where} has a contrast of ${contrast.toFixed(2)}`);
      for (const other of pieces) {
        const width = Math.min(piece.right, other.right) - Math.max(piece.left, other.left);
        const height = Math.min(piece.bottom, other.bottom) - Math.max(piece.top, other.top);
        if (width > 1 && height > 1) faults.push(`${where} lies over “${other.text.slice(0, 30)}”`);
      }
      pieces.push(piece);
    }
  }
  return [...new Set(faults)];
}
