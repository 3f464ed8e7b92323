/** Text of documents: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300). */
import sax from 'sax';
import { Unreadable } from './budget.ts';

/** Whether an archive with these files is a document, whose XML is to be read as text. */
export const isDocument = (paths: readonly string[]): boolean =>
  paths.includes('[Content_Types].xml') || (paths.includes('mimetype') && paths.includes('content.xml'));

/** A document's strings that its tables name by their number. */
export const sharedStrings = 'xl/sharedStrings.xml';

/** How many characters of them are kept. */
const mostShared = 8 * 1024 * 1024;

/** What stands behind these elements in a text. Within a paragraph or a cell, all others belong to one word. */
const behind: Readonly<Record<string, string>> = {
  p: '\n',
  h: '\n',
  tr: '\n',
  row: '\n',
  'table-row': '\n',
  si: '\n',
  br: '\n',
  cr: '\n',
  'line-break': '\n',
  comment: '\n',
  tc: '\t',
  c: '\t',
  'table-cell': '\t',
  tab: '\t',
  s: ' ',
};

/** What is no text of a cell: its formula. */
const silent = 'f';

const nameOf = (tag: string) => tag.slice(tag.indexOf(':') + 1);

/** Where the text stands in a document; elsewhere every element is a text of its own. */
const hasRuns = (path: string) => /^(?:word|xl|ppt)\/|(?:^|\/)(?:content|styles)\.xml$/.test(path);

/** XML as text. */
export interface XmlReader {
  /** @throws Unreadable when it is no XML */
  take(xml: string): void;
  end(): void;
}

/** What a document's XML files have in common. */
export interface DocumentReader {
  /** @param say is given the text, piece by piece */
  file(path: string, say: (text: string) => void): XmlReader;
}

/** Reads a document, its shared strings first where it has some. Entities of its own are never expanded. */
export function createDocumentReader(): DocumentReader {
  const shared: string[] = [];
  let sharedLength = 0;

  return {
    file(path, say) {
      const keepsStrings = path === sharedStrings;
      const isRunning = hasRuns(path);
      const xml = sax.parser(true, { position: false });
      let said = '';
      let cell = '';
      let isShared = false;
      let isSilent = false;
      const flush = () => {
        if (said !== '') say(said);
        said = '';
      };
      const add = (text: string) => {
        said += text;
        if (said.length >= 32 * 1024) flush();
      };

      xml.onerror = () => {
        throw new Unreadable('XML is damaged');
      };
      xml.onopentag = ({ name, attributes }) => {
        const element = nameOf(name);
        isSilent = element === silent;
        if (element === 'c') isShared = attributes.t === 's';
        if (element === 'c' || element === 'si') cell = '';
      };
      xml.ontext = (text) => {
        if (isSilent) return;
        if (isShared || keepsStrings) cell += text;
        if (!isShared) add(text);
      };
      xml.oncdata = xml.ontext;
      xml.onclosetag = (name) => {
        const element = nameOf(name);
        isSilent = false;
        if (isShared && element === 'c') {
          add(shared[Number(cell)] ?? '');
          isShared = false;
        }
        if (keepsStrings && element === 'si') {
          sharedLength += cell.length;
          shared.push(sharedLength > mostShared ? '' : cell);
        }
        const separator = isRunning ? behind[element] : '\n';
        if (separator) add(separator);
      };
      return {
        take(text) {
          xml.write(text);
          flush();
        },
        end() {
          xml.close();
          flush();
        },
      };
    },
  };
}
