import { clawPath } from './claw.ts';
import css from './harbour.module.css';

/**
 * The picture that runs through the app: a quiet cove, a lighthouse, and a boat
 * with a claw on its sail that comes home while the wizard goes on. It takes
 * its colours from the pane it stands in. Only a picture: the words say it all.
 *
 * @param way how far home the boat is, 0 (far out) to 1 (moored)
 */
export function Harbour({ way, lamp }: { readonly way: number; readonly lamp: boolean }) {
  return (
    <svg
      viewBox="0 0 420 460"
      preserveAspectRatio="xMidYMax slice"
      className={css.harbour}
      aria-hidden="true"
      data-lamp={lamp}
    >
      <defs>
        <linearGradient id="water" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" className={css['water-far']} />
          <stop offset="1" className={css['water-near']} />
        </linearGradient>
        <linearGradient id="glow" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" className={css['glow-far']} />
          <stop offset="1" className={css['glow-near']} />
        </linearGradient>
        <linearGradient id="beam" x1="1" y1="0" x2="0" y2="0">
          <stop offset="0" className={css['beam-near']} />
          <stop offset="1" className={css['beam-far']} />
        </linearGradient>
      </defs>
      <path d="M-300 60H720v250H-300Z" fill="url(#glow)" />
      <circle cx="128" cy="236" r="33" className={css.sun} />
      <path
        d="M0 274C44 240 92 240 142 266c38 20 60 18 94-6 44-31 92-20 124-2 24 13 44 9 60 6v56H0Z"
        className={css.hills}
      />
      <path d="M0 294c50-15 112-13 172 2 48 12 78 3 128-7 46-9 90-4 120 2v40H0Z" className={css.coast} />
      <path d="M0 300h420v160H0Z" fill="url(#water)" />
      <path d="M295 228-96 168v112Z" fill="url(#beam)" className={css.beam} />
      <path d="M420 280c-50-4-110 4-144 21-24 12-22 24 2 30 36 9 92 11 142 13Z" className={css.arm} />
      <path d="M0 308c44-8 92-2 116 13 17 11 8 22-18 26-32 5-66 5-98 8Z" className={css.arm} />
      <g transform="translate(-36 0)">
        <path d="M320 306h26l-5-66h-16Z" className={css.tower} />
        <path d="M322.4 290.500h21.400l-1.400-18h-18.500Z" className={css.band} />
        <path d="M323 240h20v-4h-20Z" className={css.dark} />
        <path d="M326 236h14v-15h-14Z" className={css.lamp} />
        <path d="M323.500 221h19L333 210Z" className={css.dark} />
      </g>
      <g className={css.ripples}>
        <path d="M168 322h34m20 0h12M44 376h44m14 0h10M262 346h50m16 0h10M334 384h38M84 408h24" />
        <path d="M116 344h28M286 412h26m14 0h8" />
      </g>
      <g
        className={css.sailing}
        style={{
          transform: `translate(${104 + way * 96}px, ${342 + way * 44}px) scale(${0.62 + way * 0.5})`,
        }}
      >
        <g className={css.boat}>
          <path d="M-3-78c24 14 37 37 40 63H-3Z" className={css.sail} />
          <path d="M-9-66c-8 18-17 34-29 51h29Z" className={css.jib} />
          <path
            d={clawPath}
            transform="translate(13 -36) rotate(10) scale(.42) translate(-32 -31)"
            className={css.claw}
          />
          <path d="M-6-82v72" className={css.mast} />
          <path d="M-46-9h88c-6 15-17 22-30 22h-26c-16 0-27-8-32-22Z" className={css.hull} />
        </g>
        <path d="M-40 24h76m-58 9h36" className={css.wake} />
      </g>
      <path d="M0 434c64-28 140-25 206-8s150 8 214-15v49H0Z" className={css.shore} />
    </svg>
  );
}
