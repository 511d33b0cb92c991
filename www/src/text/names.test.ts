import { describe, expect, it } from 'vitest';
import { text } from './en';
import { safeName } from './names';

describe('names made of titles', () => {
  const check = (title: string, want: string) => expect(safeName(title), JSON.stringify(title)).toBe(want);

  it('keep what every file system takes, in any script', () => {
    check('Anna', 'Anna');
    check('Familie & Freunde', 'Familie & Freunde');
    check('ليلى', 'ليلى');
    check('👨‍👩‍👧 trip', '👨‍👩‍👧 trip');
  });

  it('lose what a system refuses, what leads elsewhere, and what turns the reading direction', () => {
    check('../../etc', 'etc');
    check('a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j');
    check('tidy~1', 'tidy 1');
    check('line\nbreak\u2028\u0007', 'line break');
    check('\u202Egpj.exe', 'gpj.exe');
    check('dots...', 'dots');
    check('half \uD83D', 'half');
    check(' . ', '');
  });

  it('are cut between letters, before a file system ends them', () => {
    const name = safeName('😂'.repeat(300));
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(150);
    expect(name).toBe('😂'.repeat(37));
  });

  it('say what is in the folder, even where the title says nothing', () => {
    expect(text.save.folderName('Anna')).toBe('Chat with Anna – Heirloom');
    expect(text.save.folderName('///')).toBe('Chat – Heirloom');
    expect(text.save.fileName('')).toBe('Chat with originals');
  });
});
