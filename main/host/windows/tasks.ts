/** Tasks of Windows' own scheduler, as the XML that it takes and gives: that is the same in every language. Pure. */
import sax from 'sax';

/** Something that starts when this person logs in, with no more rights than they have. */
export interface LoginTask {
  /** The person, by their SID: names change and come in many alphabets. */
  readonly sid: string;
  /** Full path of a program, and the line of its arguments as that program reads it. */
  readonly command: string;
  readonly arguments: string;
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 knows no way to write them
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text)) throw new Error('not a text for XML');
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\n', '&#10;');
}

/**
 * The task's XML. Source: the Task Scheduler schema. It isn't ended on battery, after some hours or when the computer
 * idles, and isn't started anew by itself: what was stopped on purpose stays stopped.
 */
export function loginTaskXml(task: LoginTask): string {
  const sid = escaped(task.sid);
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>ClawCove</Author></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled><UserId>${sid}</UserId></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>${sid}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <IdleSettings><StopOnIdleEnd>false</StopOnIdleEnd><RestartOnIdle>false</RestartOnIdle></IdleSettings>
    <Hidden>false</Hidden>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author"><Exec><Command>${escaped(task.command)}</Command><Arguments>${escaped(task.arguments)}</Arguments></Exec></Actions>
</Task>
`;
}

/** The bytes of a file that schtasks takes: UTF-16 with its mark. */
export function taskFile(xml: string): Buffer {
  return Buffer.from(`\uFEFF${xml.replaceAll('\n', '\r\n')}`, 'utf16le');
}

/** What a task does, as its XML says. */
export interface SeenTask {
  readonly startsAtLogin: boolean;
  /** At login or at anything else that comes by itself. */
  readonly startsByItself: boolean;
  /** The task's own switch: where it is off nothing starts it, and nobody by hand. */
  readonly isEnabled: boolean;
  /** Whether it runs with an administrator's rights. */
  readonly isElevated: boolean;
  readonly actions: readonly { readonly command: string; readonly arguments: string }[];
}

/** Reads a task's XML; null when it is none. */
export function taskFrom(xml: string): SeenTask | null {
  const path: string[] = [];
  const actions: { command: string; arguments: string }[] = [];
  const triggers: { kind: string; isEnabled: boolean }[] = [];
  let [isTask, isEnabled, isElevated] = [false, true, false];
  const parser = sax.parser(true, {});
  parser.onopentag = ({ name }) => {
    path.push(name);
    if (path.join('/') === 'Task') isTask = true;
    if (path.length === 3 && path.join('/') === `Task/Triggers/${name}`)
      triggers.push({ kind: name, isEnabled: true });
    if (path.join('/') === 'Task/Actions/Exec') actions.push({ command: '', arguments: '' });
  };
  parser.onclosetag = () => {
    path.pop();
  };
  parser.ontext = (text) => {
    const at = path.join('/');
    const [action, trigger] = [actions.at(-1), triggers.at(-1)];
    if (at === 'Task/Actions/Exec/Command' && action) action.command += text;
    if (at === 'Task/Actions/Exec/Arguments' && action) action.arguments += text;
    if (at === 'Task/Settings/Enabled' && text.trim() === 'false') isEnabled = false;
    if (trigger && at === `Task/Triggers/${trigger.kind}/Enabled` && text.trim() === 'false')
      trigger.isEnabled = false;
    if (at === 'Task/Principals/Principal/RunLevel' && text.trim() === 'HighestAvailable') isElevated = true;
  };
  try {
    parser.write(xml).close();
  } catch {
    return null;
  }
  if (!isTask) return null;
  const enabled = triggers.filter((trigger) => trigger.isEnabled);
  return {
    startsAtLogin: enabled.some(({ kind }) => kind === 'LogonTrigger'),
    startsByItself: enabled.length > 0,
    isEnabled,
    isElevated,
    actions,
  };
}
