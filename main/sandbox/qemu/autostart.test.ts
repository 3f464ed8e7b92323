import { expect, it } from 'vitest';
import { machineUnit } from './autostart.ts';
import { placesIn } from './names.ts';

it('starts the machine, and asks it to shut itself down before the computer does', () => {
  const unit = machineUnit(
    ['pasta', '--', 'qemu', '$x'],
    placesIn('/home/ada/.local/share/clawcove'),
    40_022,
  );
  const lines = unit.split('\n');
  expect(lines).toContain('ExecStart=/usr/bin/env pasta -- qemu "$$x"');
  const stop = lines.find((line) => line.startsWith('ExecStop='));
  // systemd gives the dollar signs back to the shell.
  expect(stop).toContain(
    '\\"$$@\\"; asked=$$?; while kill -0 \\"$$MAINPID\\" 2>/dev/null; do sleep 1; done;',
  );
  expect(stop).toContain(' stop /home/ada/.local/share/clawcove/vm/ended-well ssh -o ControlPath=none');
  expect(lines.findIndex((line) => line.startsWith('ExecStartPre='))).toBeLessThan(
    lines.findIndex((line) => line.startsWith('ExecStart=')),
  );
  expect(lines).toContain('WantedBy=default.target');
  expect(lines).toContain('StandardOutput=truncate:/home/ada/.local/share/clawcove/vm/qemu.log');
});
