// Chats made for the tests of the archive: a folder as WhatsApp exports it, and the bundle that the program makes of it.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './helpers.mjs';

/** The command line, built by whoever runs the tests; `HEIRLOOM_BIN` names another. */
const PROGRAM = process.env.HEIRLOOM_BIN ?? path.join(ROOT, 'target/debug/heirloom');
const FIXTURES = path.join(ROOT, 'tests/fixtures');

/** An export in `folder`: `lines` are `[stamp, sender, body]`, `files` names with the fixture or text they hold. */
export function writeExport(folder, lines, files = {}) {
  mkdirSync(folder, { recursive: true });
  const text = lines.map(([stamp, sender, body]) => `[${stamp}] ${sender}: ${body}`).join('\r\n');
  writeFileSync(path.join(folder, '_chat.txt'), `${text}\r\n`);
  for (const [name, { fixture, text: content = '' }] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (fixture) copyFileSync(path.join(FIXTURES, fixture), file);
    else writeFileSync(file, content);
  }
  return folder;
}

/** The bundle of an export; `address` gives the `file:` address of one of its pages. */
export function bundleOf(chat, bundle) {
  const words = ['link', '--quiet', '--export-media-dir', chat, '--output-media-dir', path.join(bundle, 'original_media')];
  execFileSync(PROGRAM, [...words, '--date-order', 'dmy'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { folder: bundle, address: (page) => `${pathToFileURL(path.join(bundle, page.split('#')[0]))}${page.slice(page.split('#')[0].length)}` };
}

/** One of every kind of message, in several scripts and writing directions, over two years. */
export function everyKind(folder) {
  const attached = (name, caption = '') => `${caption}${caption && ' '}\u200E<attached: ${name}>`;
  const lines = [
    ['14/03/2023, 09:12:00', 'Familie & Freunde', '\u200EMessages and calls are end-to-end encrypted.'],
    ['14/03/2023, 09:12:31', 'Nora', 'Good morning! Did everybody *sleep well*? _I did_, ~mostly~. See https://example.org/a_(b)?x=1&y=2.'],
    ['14/03/2023, 09:13:02', 'Theo', '😂'],
    ['14/03/2023, 09:13:40', 'Theo', 'Run `cargo test` or\n```fn main() {\n    println!("hello");\n}```'],
    ['14/03/2023, 09:15:00', 'ليلى', 'صباح الخير يا جماعة! هل رأيتم الصور من رحلة Berlin أمس؟'],
    ['14/03/2023, 09:15:30', 'דוד כהן', 'כן! התמונות יפות מאוד 😍 (IMG_2041)'],
    ['14/03/2023, 09:16:10', 'Nora', attached('00000006-PHOTO-2023-03-14-09-16-10.jpg', 'The harbour, right after the rain')],
    ['14/03/2023, 09:16:12', 'Nora', attached('00000007-PHOTO-2023-03-14-09-16-12.jpg')],
    [
      '15/03/2023, 20:01:00',
      '+49 170 1234567',
      'Mein Zug hat Verspätung, ich komme etwas später. Fangt ruhig schon ohne mich an, aber lasst mir bitte ein Stück vom Kuchen übrig – und den guten Platz am Fenster!',
    ],
    ['15/03/2023, 20:02:00', 'Theo', attached('00000009-AUDIO-2023-03-15-20-02-00.opus')],
    ['15/03/2023, 20:03:00', 'Theo', attached('00000010-VIDEO-2023-03-15-20-03-00.mp4')],
    ['15/03/2023, 20:04:00', 'Nora', attached('00000011-Packing list, final (2).pdf', 'Here is the list')],
    ['15/03/2023, 20:05:00', 'Nora', attached('00000012-Oma Ruth.vcf')],
    ['15/03/2023, 20:06:00', 'ليلى', '\u200ELocation: https://maps.google.com/?q=52.516275,13.377704'],
    [
      '15/03/2023, 20:07:00',
      'Theo',
      '\u200EPOLL:\nWhere do we eat?\nOPTION: Pizza at the corner (3 votes)\nOPTION: البيت (1 vote)\nOPTION: Sushi (0 votes)',
    ],
    ['15/03/2023, 20:08:00', 'Nora', '\u200EThis message was deleted.'],
    ['15/03/2023, 20:09:00', 'Nora', 'Pizza it is then \u200E<This message was edited>'],
    ['15/03/2023, 20:09:30', 'Theo', '\u200Eimage omitted'],
    ['15/03/2023, 20:09:50', 'Theo', attached('00000018-PHOTO-2023-03-15-20-09-50.jpg', 'This one is lost')],
    ['15/03/2023, 20:10:00', 'Theo', '\u200EMissed voice call, \u200ETap to call back'],
    ['15/03/2023, 20:11:00', 'ليلى', '\u200ELive location shared'],
    ['15/03/2023, 20:12:00', 'Nora', '\u200EEVENT: Summer party\nBring a cake and a chair\nEvent Start time: 1690000000000'],
    ['15/03/2023, 20:13:00', 'Nora', attached('00000024-invitation.html')],
    ['02/01/2024, 00:00:03', 'דוד כהן', '🎉🎊🥳'],
    ['02/01/2024, 00:01:00', 'Nora', '家族の皆さん、明けましておめでとうございます。今年もよろしくお願いします。'],
    ['02/01/2024, 00:02:00', 'Theo', '> Where do we eat?\nStill at the corner'],
    ['02/01/2024, 00:03:00', 'Nora', '- milk\n- bread\n1. first\n2. second'],
  ];
  for (let day = 3; day < 29; day += 1) {
    for (let hour = 8; hour < 8 + (day % 5) * 3; hour += 1) {
      const sender = ['Nora', 'Theo', 'ليلى', '+49 170 1234567'][(day * 7 + hour) % 4];
      const stamp = `${String(day).padStart(2, '0')}/${['04/2023', '06/2023', '01/2024', '02/2024'][day % 4]}, ${String(hour).padStart(2, '0')}:${day + 10}:00`;
      lines.push([stamp, sender, `Message number ${lines.length}: are we still on for ${hour} o'clock?`]);
    }
  }
  lines.sort((a, b) => key(a[0]).localeCompare(key(b[0])));
  return writeExport(folder, lines, {
    '00000006-PHOTO-2023-03-14-09-16-10.jpg': { fixture: 'photos/berlin.jpg' },
    '00000007-PHOTO-2023-03-14-09-16-12.jpg': { fixture: 'photos/cat.jpg' },
    '00000009-AUDIO-2023-03-15-20-02-00.opus': { text: 'no sound' },
    '00000010-VIDEO-2023-03-15-20-03-00.mp4': { fixture: 'videos/android.mp4' },
    '00000011-Packing list, final (2).pdf': { text: '%PDF-1.4 nothing' },
    '00000024-invitation.html': { text: '<!DOCTYPE html><title>Invitation</title><h1>Come!</h1>' },
    '00000012-Oma Ruth.vcf': { text: 'BEGIN:VCARD\nVERSION:3.0\nFN:Oma Ruth\nTEL:+49 30 1234\nEND:VCARD\n' },
  });
}

/** A stamp as it sorts. */
function key(stamp) {
  const [day, time] = stamp.split(', ');
  return `${day.split('/').reverse().join('-')} ${time}`;
}

/** Two people who write in turns, one message a minute: several pages. */
export function longChat(folder, count) {
  const lines = Array.from({ length: count }, (_, number) => {
    const time = new Date(Date.UTC(2022, 0, 1, 8, number)).toISOString();
    const [year, month, day] = time.slice(0, 10).split('-');
    return [`${day}/${month}/${year}, ${time.slice(11, 19)}`, number % 2 ? 'Bo' : 'Ann', `Café, number ${number}`];
  });
  return writeExport(folder, lines);
}
