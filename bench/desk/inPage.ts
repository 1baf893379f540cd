/**
 * What runs in the page, hence as text: TypeScript's helpers are not there. Times are the page's own, in ms since its navigation
 * began, and taken when what they are of has been painted.
 */
export const WATCH = `(() => {
  const HEADLINES = '[aria-label="Headline figures"]';
  const desk = { asking: 0 };
  window.benchedDesk = desk;
  performance.setResourceTimingBufferSize(10_000);

  const ask = window.fetch;
  window.fetch = async (...of) => {
    const isCounted = String(of[0]?.url ?? of[0]).includes('/api/v1/');
    if (isCounted) desk.asking++;
    try {
      return await ask(...of);
    } finally {
      if (isCounted) desk.asking--;
    }
  };

  const afterPaint = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(null);
  });
  const watch = (onChange) => {
    const observer = new MutationObserver(() => afterPaint(onChange));
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    return () => observer.disconnect();
  };
  const figures = () => {
    const section = document.querySelector(HEADLINES);
    return section?.querySelector('li') && !section.closest('[aria-busy="true"]') ? section.textContent : null;
  };

  /** When it was painted. */
  desk.firstFigure = new Promise((resolve) => {
    const stop = watch((at) => {
      if (figures() === null) return;
      stop();
      resolve(at);
    });
  });

  /**
   * Presses, and answers after how many ms other headline figures (or what \`isThere\`) were painted, when nothing of the page
   * changed any more, and how long the slowest of the questions asked meanwhile took to be answered.
   */
  desk.press = (press, isThere) => new Promise((resolve, reject) => {
    const before = figures();
    const isNew = isThere ?? (() => figures() !== null && figures() !== before);
    const began = performance.now();
    let newAt = null;
    let lastAt = began;
    const end = watch((at) => {
      lastAt = at;
      if (isNew()) newAt ??= at;
    });
    const timer = setInterval(() => {
      const now = performance.now();
      if (now - began > 30_000) reject(new Error('Nothing new was painted in 30 s at ' + location.hash));
      else if (newAt === null || desk.asking > 0 || now - lastAt < 300) return;
      clearInterval(timer);
      end();
      const asked = performance.getEntriesByType('resource')
        .filter(({ name, startTime }) => startTime >= began && name.includes('/api/v1/'));
      resolve({
        newMs: newAt - began,
        allMs: lastAt - began,
        answeredMs: Math.max(0, ...asked.map(({ duration }) => duration)),
      });
    }, 20);
    press();
  });

  /** Records the time between any two frames, and tasks over 50 ms, until it is called. */
  desk.record = () => {
    const gaps = [];
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    let last = performance.now();
    let isOver = false;
    requestAnimationFrame(function frame(now) {
      gaps.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(frame);
    });
    desk.recorded = () => {
      isOver = true;
      observer.disconnect();
      return { gaps: gaps.slice(1), tasks };
    };
  };
})()`;

export interface Pressed {
  newMs: number;
  allMs: number;
  answeredMs: number;
}

export interface Frames {
  gaps: number[];
  tasks: number[];
}

/** Every script and style that has arrived, and its size as sent, in bytes. */
export const CODE = `performance.getEntriesByType('resource')
  .filter(({ name }) => /\\.(?:js|css)$/.test(new URL(name).pathname))
  .map(({ name, encodedBodySize }) => ({ name: name.split('/').at(-1), bytes: encodedBodySize }))`;
