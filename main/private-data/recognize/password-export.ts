import type { Window } from './window.ts';

/** Lists of passwords: what browsers and password managers export, and tables that people keep the same way. */

const passwordColumn =
  /^(?:(?:login|user|web|current)?(?:password|passwd|pwd|passwort|motdepasse|contraseña)|pass|密码|密碼|口令|登录密码|登入密碼)$/;
const userColumn =
  /^(?:(?:login|user)?(?:username|name)|user|login|loginname|email|account|accountname|用户名|用户|用戶名|账号|帐号|帳號|账户|登录名|邮箱|邮箱地址)\d?$/;
const placeColumn =
  /^(?:(?:login)?(?:url|urls|uri|uris|website|site|weburl|websiteurl|webaddress|domain|hostname|host|matchurl)|group|folder|httprealm|网址|网站|網址|網站|网站地址|域名|平台|软件|应用)\d?$/;

/** As headings are compared: small letters without quotes, spaces and such. */
function plain(cell: string): string {
  return cell.toLowerCase().replaceAll(/["'\s_.\-\ufeff*]/g, '');
}

/** The cells of one line, with quotes as CSV has them; pure. */
function cellsOf(line: string, separator: string): readonly string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

const longestHeadings = 1000;
const longestRow = 3000;
const rowsToRead = 4;
/** What stands in an example of a table for a password. */
const noPassword =
  /^(?:|-+|\*+|•+|x+|\.+|null|none|n\/a|<.*>|\{.*\}|\[.*\]|(?:the |your )?(?:login_?)?password|string|text|varchar.*|密码)$/i;

/** Whether the rows after headings have a password in this column; pure. */
function hasPasswordRow(rows: string, separator: string, columns: number, column: number): boolean {
  let start = 0;
  for (let read = 0; read < rowsToRead && start < rows.length; read++) {
    const next = rows.indexOf('\n', start);
    const end = next === -1 ? rows.length : next;
    const cells = cellsOf(rows.slice(start, end), separator);
    // A quoted note may go on in the next line: the row is shorter then.
    const isRow = cells.length > column && cells.length <= columns + 1;
    if (isRow && !noPassword.test(cells[column] ?? '')) return true;
    start = end + 1;
  }
  return false;
}

/** Whether a line has headings of a list of passwords, and the rows after it fill it; pure. */
function isPasswordTable(line: string, rows: string): boolean {
  if (/[(){}=[\]'`]|:\/\//.test(line)) return false;
  return [',', ';', '\t', '|'].some((separator) => {
    const columns = cellsOf(line, separator).map(plain);
    const column = columns.findIndex((name) => passwordColumn.test(name));
    return (
      columns.length >= 3 &&
      column !== -1 &&
      columns.some((name) => userColumn.test(name)) &&
      columns.some((name) => placeColumn.test(name)) &&
      hasPasswordRow(rows, separator, columns.length, column)
    );
  });
}

const passwordWord = /pass|Pass|PASS|pwd|Pwd|PWD|密|口令|contrase|motdepasse/g;

function hasPasswordTable({ text, from, to }: Window): boolean {
  passwordWord.lastIndex = from;
  for (let hit = passwordWord.exec(text); hit !== null; hit = passwordWord.exec(text)) {
    const begin = Math.max(0, hit.index - longestHeadings);
    const before = text.slice(begin, hit.index).lastIndexOf('\n');
    const start = before === -1 ? (begin === 0 && from === 0 ? 0 : null) : begin + before + 1;
    const lineEnd = text.indexOf('\n', hit.index);
    if (lineEnd === -1) return false;
    if (start !== null && start >= to) return false;
    if (start !== null && lineEnd - start <= longestHeadings) {
      const line = text.slice(start, lineEnd);
      if (isPasswordTable(line, text.slice(lineEnd + 1, lineEnd + 1 + longestRow))) return true;
    }
    passwordWord.lastIndex = lineEnd;
  }
  return false;
}

/** A text in JSON that is not empty. */
const filled = String.raw`"(?!")(?:[^"\\]|\\.){1,200}"`;

/** What an item looks like in the managers' own formats. Each begins with its mark. */
const items: readonly (readonly [mark: string, reach: number, shape: RegExp])[] = [
  // Bitwarden: "login": {"uris": […], "username": …, "password": …, "totp": …}
  [
    '"login"',
    3000,
    new RegExp(
      String.raw`^"login"\s*:\s*\{(?=[\s\S]{0,2500}"(?:totp|uris|fido2Credentials)"\s*:)[\s\S]{0,2500}?"password"\s*:\s*${filled}`,
    ),
  ],
  // 1Password, .1pif and inside .1pux
  ['"designation"', 400, /^"designation"\s*:\s*"password"/],
  // KeePass
  ['<Key>Password</Key>', 300, /^<Key>Password<\/Key>\s*<Value[^>]*>[^<]/],
  // Enpass
  [
    '"sensitive"',
    600,
    new RegExp(String.raw`^"sensitive"\s*:\s*1[^{}]*"type"\s*:\s*"password"[^{}]*"value"\s*:\s*${filled}`),
  ],
  // Proton Pass
  ['"itemEmail"', 2000, new RegExp(String.raw`^"itemEmail"\s*:[\s\S]{0,1500}?"password"\s*:\s*${filled}`)],
  // Dashlane
  [
    '"AUTHENTIFIANT"',
    2000,
    new RegExp(String.raw`^"AUTHENTIFIANT"\s*:[\s\S]{0,1500}?"password"\s*:\s*${filled}`),
  ],
];

function hasItem({ text, from, to }: Window): boolean {
  return items.some(([mark, reach, shape]) => {
    for (let at = text.indexOf(mark, from); at !== -1 && at < to; ) {
      const next = text.indexOf(mark, at + mark.length);
      // An item ends where the next begins: so all of them together are read once.
      if (shape.test(text.slice(at, next === -1 ? at + reach : Math.min(next, at + reach)))) return true;
      at = next;
    }
    return false;
  });
}

/** Whether a window holds a list of passwords with at least one; pure. */
export function hasPasswordExport(window: Window): boolean {
  return hasPasswordTable(window) || hasItem(window);
}
