import { describe, expect, it } from 'vitest';
import { ownRegion } from './format.ts';

describe('ownRegion', () => {
  it("is the viewer's region of the page's language", () => {
    expect(ownRegion(['de-AT', 'en-IE', 'en-US'], 'en')).toBe('en-IE');
  });

  it('is the language alone where the viewer asks for another', () => {
    expect(ownRegion(['fr-CH'], 'en')).toBe('en');
  });

  it('passes over what no Intl understands, as a TV without a desktop asks for', () => {
    expect(ownRegion(['en-US@posix', 'en-GB'], 'en')).toBe('en-GB');
    expect(ownRegion(['en-US@posix'], 'en')).toBe('en');
  });
});
