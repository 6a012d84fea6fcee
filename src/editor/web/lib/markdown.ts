/* The Markdown that the library writes: paragraphs, and code between backticks. Built as nodes, so
 ** that nothing in it can become HTML. */

/** An element with the text in it. */
export function renderMarkdown(markdown: string, className: string): HTMLElement {
  const out = document.createElement("div");
  out.className = className;
  for (const paragraph of markdown.split(/\n\n+/)) {
    const p = out.appendChild(document.createElement("p"));
    for (const piece of pieces(paragraph)) {
      if (piece.code) p.appendChild(document.createElement("code")).textContent = piece.text;
      else p.append(piece.text);
    }
  }
  return out;
}

/** Code, which as many backticks end as began it, and what lies between. */
export function pieces(paragraph: string): { text: string; code: boolean }[] {
  const found: { text: string; code: boolean }[] = [];
  const code = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs;
  let from = 0;
  for (const match of paragraph.matchAll(code)) {
    if (match.index > from)
      found.push({ text: plain(paragraph.slice(from, match.index)), code: false });
    const inside = match[2]!;
    // A blank on both sides only keeps a backtick apart.
    found.push({ text: /^ .*\S.* $/s.test(inside) ? inside.slice(1, -1) : inside, code: true });
    from = match.index + match[0].length;
  }
  if (from < paragraph.length) found.push({ text: plain(paragraph.slice(from)), code: false });
  return found;
}

/** Without the backslashes that keep punctuation from meaning something. */
function plain(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1").replace(/\*\*/g, "");
}
