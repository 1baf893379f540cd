import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Drawn } from '../../web/desk/Drawn.tsx';

/** What `e2e/drawn.spec.ts` looks at: `Drawn` around links, by itself; whoever looks says when it is behind. */
declare global {
  interface Window {
    /** The links of these names; one called `own` takes Enter by itself. */
    draw(isBehind: boolean, links: readonly string[]): void;
    /** What was pressed so far: the name of the link, and the modifiers. */
    pressed: string[];
  }
}

const place = document.body.appendChild(document.createElement('div'));
const root = createRoot(place);
window.pressed = [];
const note = (how: string, event: MouseEvent | KeyboardEvent): void => {
  const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
  const keys = Object.entries({ ctrlKey, metaKey, shiftKey, altKey }).filter(([, isDown]) => isDown);
  const name = target instanceof Element ? target.textContent : '';
  window.pressed.push([how, name, ...keys.map(([key]) => key)].join(' '));
  event.preventDefault();
};
document.addEventListener('click', (event) => note('click', event));
place.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target instanceof Element && event.target.textContent === 'own')
    note('Enter', event);
});

window.draw = (isBehind, links) =>
  flushSync(() =>
    root.render(
      <Drawn isBehind={isBehind}>
        {links.map((name) => (
          <a key={name} href={`#${name}`}>
            {name}
          </a>
        ))}
      </Drawn>,
    ),
  );
