// A chat in which everything tries to be more than text. Whatever manages to run sets `window.__hit`.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const HIT = 'window.__hit=1';

/** Texts that break out of HTML, of attributes, of scripts, of styles, or of the line they stand in. */
export const TEXTS = [
  `<script>${HIT}</script>`,
  `</script><script>${HIT}</script>`,
  `</title></textarea></style></noscript><script>${HIT}</script>`,
  `<img src=x onerror=${HIT}>`,
  `"><img src=x onerror="${HIT}">`,
  `' onmouseover='${HIT}' x='`,
  `" onfocus="${HIT}" autofocus tabindex="0`,
  `<svg><animate onbegin=${HIT} attributeName=x></svg>`,
  `<svg/onload=${HIT}>`,
  `<math><mtext></p><style><img src=x onerror=${HIT}></style></mtext></math>`,
  `<iframe srcdoc="<script>parent.${HIT}</script>"></iframe>`,
  `<details open ontoggle=${HIT}>`,
  `<base href="https://evil.example/"><link rel=stylesheet href="https://evil.example/a.css">`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
  `<form action="https://evil.example/"><input name=q><button>go</button></form>`,
  `<!-- <p> --> --!><script>${HIT}</script>`,
  `]]><script>${HIT}</script>`,
  `javascript:${HIT}`,
  `JaVaScRiPt\t:${HIT}`,
  `data:text/html,<script>${HIT}</script>`,
  `https://x.example/"onmouseover="${HIT}`,
  `https://x.example/' onclick='${HIT}`,
  `https://x.example/\u202Egpj.exe`,
  `http://[`,
  `*<b onclick=${HIT}>* _<i onclick=${HIT}>_ ~<s onclick=${HIT}>~ \`<code onclick=${HIT}>\``,
  `\`\`\`</code><script>${HIT}</script>\`\`\``,
  `> <script>${HIT}</script>`,
  `"]);${HIT};//`,
  `\\"]);${HIT};//`,
  `\\u0022]);${HIT};//`,
  `\u2028${HIT}\u2029${HIT}//`,
  `\${${HIT}} {{constructor.constructor('${HIT}')()}} <%= ${HIT} %>`,
  `<style>*{display:none!important}</style>`,
  `</style><style>body{background:url(https://evil.example/a.png)}</style>`,
  `x" style="position:fixed;inset:0;background:red;width:9999px" y="`,
  `&lt;script&gt;${HIT}&lt;/script&gt; &#60;script&#62; &amp;lt;`,
  `\u202E\u202E\u202Eright to left override that nobody closes`,
  `\u2066\u2067\u2068 isolates that nobody closes`,
  `\u202Dleft \u202Bto \u202Aright embeddings`,
  `null\0byte <scr\0ipt>${HIT}</scr\0ipt>`,
  `\u0001\u0007\u001B[31m\u007F\u0080\u009F control characters`,
  `Z${'\u0335\u0321\u0489\u035B'.repeat(2500)} ten thousand marks`,
  'W'.repeat(50_000),
  '\u{FDFD}'.repeat(400),
  `${'🏳️‍🌈'.repeat(300)}`,
  `a${'\n'.repeat(400)}b`,
  '\u200B\u200D\uFEFF\u00AD'.repeat(500),
  '(((('.repeat(2000),
  '*_~`'.repeat(2000),
  'https://'.repeat(500),
];

export const NAMES = [
  `<script>${HIT}</script>`,
  `"><img src=x onerror=${HIT}>`,
  `' onclick='${HIT}`,
  `</option></select><script>${HIT}</script>`,
  '\u202Eeman a si siht',
  'W'.repeat(300),
  `Zoë${'\u0301'.repeat(120)}`,
  '",0,0,0]]);',
];

/** The folder of such an export; file names too want to be more than names. */
export function hostileChat(folder) {
  mkdirSync(folder, { recursive: true });
  const bodies = [
    ...TEXTS,
    `\u200ELocation: https://maps.google.com/?q=1,2"onclick="${HIT}`,
    `\u200EPlace <b> (Street "1"): https://foursquare.com/v/<script>${HIT}</script>`,
    `\u200EPOLL:\n<script>${HIT}</script>\nOPTION: <img src=x onerror=${HIT}> (3 votes)\nOPTION: "quoted' (99999999999999999999 votes)`,
    ...names().map((name) => `\u200E<attached: ${name}>`),
    `\u200E<attached: 00000099-PHOTO-2024-01-01-00-00-00.jpg"onerror="${HIT}>`,
  ];
  const lines = [];
  bodies.forEach((body, number) => {
    const sender = NAMES[number % NAMES.length];
    const minute = String(number % 60).padStart(2, '0');
    lines.push(`[25/12/2023, ${String(8 + Math.floor(number / 60)).padStart(2, '0')}:${minute}:00] ${sender}: ${body}`);
    lines.push(`[25/12/2023, ${String(8 + Math.floor(number / 60)).padStart(2, '0')}:${minute}:30] Plain Jane: after number ${number}`);
  });
  writeFileSync(path.join(folder, `WhatsApp Chat with '"><img src=x onerror=${HIT}>.txt`), `${lines.join('\n')}\n`);
  for (const name of names()) writeFileSync(path.join(folder, name), RUNS[name] ?? 'nothing');
  return folder;
}

/** Documents that a browser would run if it opened them under their own names. */
export const RUNS = {
  '00000060-holiday plan.html': `<!DOCTYPE html><title>ran</title><script>document.title='ran';${HIT}</script><h1>plan</h1>`,
  '00000061-old page.HTM': `<html><body onload="${HIT}">`,
  '00000062-map.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="${HIT}"><script>${HIT}</script></svg>`,
  '00000063-plan.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml"><head><script>${HIT}</script></head><body/></html>`,
  '00000064-data.xml': `<x:script xmlns:x="http://www.w3.org/1999/xhtml">${HIT}</x:script>`,
  '00000065-saved.mhtml': `MIME-Version: 1.0\nContent-Type: text/html\n\n<script>${HIT}</script>`,
};

/** Names that a file system takes. */
function names() {
  return [
    `00000050-"><img src=x onerror=${HIT}>.pdf`,
    `00000051-' onclick='${HIT}.vcf`,
    '00000052-#?%41%2e%2e;javascript:x.pdf',
    '00000053-\u202Efdp.exe',
    `00000054-AUDIO-2023-12-25-08-00-00" autoplay onplay="${HIT}.opus`,
    `IMG-20231225-WA0001" onerror="${HIT}.jpg`,
    ...Object.keys(RUNS),
  ];
}
