import '@fontsource-variable/inter/wght.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { createRoot } from 'react-dom/client';
import { BOARD_IDS } from '../../shared/contract/boards.ts';
import { i18n } from '../app/i18n.ts';
import { applyTheme } from '../app/theme.ts';
import { Gallery, Wall } from './Gallery.tsx';
import { SCENES } from './scenes.ts';

/**
 * `/ui` while developing: every tile in every state at every size, without a server. `?scene=` shows one scene,
 * `?board=` the whole wall in it (`&of=` another board than the wall), `?dir=rtl` either from right to left.
 */

applyTheme();
document.documentElement.lang = i18n.language;
const asked = new URLSearchParams(location.search);
document.documentElement.dir = asked.get('dir') ?? 'ltr';

const named = (name: string | null) => SCENES.filter((scene) => scene.name === name);
const [board] = named(asked.get('board'));
const scenes = asked.has('scene') ? named(asked.get('scene')) : SCENES;

const of = BOARD_IDS.find((id) => id === asked.get('of')) ?? 'wall';

const root = document.getElementById('root');
if (root === null) throw new Error('ui.html has no #root.');
createRoot(root).render(board ? <Wall scene={board} of={of} /> : <Gallery scenes={scenes} />);
