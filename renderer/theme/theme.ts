import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  Menu,
  Modal,
  PasswordInput,
  SegmentedControl,
  Switch,
} from '@mantine/core';
import css from './controls.module.css';

const field = { input: css.input, label: css['input-label'], description: css['input-description'] };

/** Mantine's controls, dressed by controls.module.css; colours live in tokens.css only. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  focusClassName: '',
  activeClassName: '',
  components: {
    ActionIcon: ActionIcon.extend({ classNames: { root: css['icon-button'] } }),
    Button: Button.extend({
      // Said aloud, because the styles go by the attribute.
      defaultProps: { variant: 'filled', size: 'md' },
      classNames: { root: css.button, label: css.label, section: css.section },
    }),
    Modal: Modal.extend({ classNames: { overlay: css.overlay, content: css.sheet } }),
    // The body never scrolls, and locking it would add a style element without a nonce.
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false },
      classNames: { overlay: css.overlay, content: css.drawer, header: css['sheet-header'] },
    }),
    Input: Input.extend({ classNames: { input: css.input } }),
    InputWrapper: { classNames: { ...field, error: css['input-error'] } },
    PasswordInput: PasswordInput.extend({ classNames: { input: css.input } }),
    Menu: Menu.extend({
      classNames: { dropdown: css.menu, item: css['menu-item'], itemSection: css['menu-icon'] },
    }),
    SegmentedControl: SegmentedControl.extend({
      classNames: {
        root: css.segmented,
        indicator: css['segmented-indicator'],
        label: css['segmented-label'],
      },
    }),
    Switch: Switch.extend({ classNames: { track: css['switch-track'], thumb: css['switch-thumb'] } }),
  },
});

const ours = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-error': 'var(--danger-ink)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-primary-color-filled': 'var(--brand)',
  '--mantine-primary-color-filled-hover': 'var(--brand-hover)',
};

/** Points the variables that Mantine paints with at the app's own. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
