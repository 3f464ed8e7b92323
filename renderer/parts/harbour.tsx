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
      viewBox="0 0 420 520"
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
        <linearGradient id="beam" x1="1" y1="0" x2="0" y2="0">
          <stop offset="0" className={css['beam-near']} />
          <stop offset="1" className={css['beam-far']} />
        </linearGradient>
      </defs>
      <circle cx="128" cy="236" r="33" className={css.sun} />
      <path d="M0 272c46-30 82-26 124-2 34-34 84-42 138-8 42-20 92-24 158 8v90H0Z" className={css.hills} />
      <path d="M0 292c60-16 108-8 168 4 74-20 150-26 252-4v70H0Z" className={css.coast} />
      <path d="M0 300h420v220H0Z" fill="url(#water)" />
      <path d="M331 228-60 168v112Z" fill="url(#beam)" className={css.beam} />
      <path d="M420 286c-40-2-82 4-108 17-22 11-20 22 2 28 30 8 70 10 106 12Z" className={css.arm} />
      <path d="M0 308c44-8 92-2 116 13 17 11 8 22-18 26-32 5-66 5-98 8Z" className={css.arm} />
      <g className={css.lighthouse}>
        <path d="M320 306h26l-5-66h-16Z" className={css.tower} />
        <path d="M322.4 290.500h21.400l-1.400-18h-18.500Z" className={css.band} />
        <path d="M323 240h20v-4h-20Z" className={css.dark} />
        <path d="M326 236h14v-15h-14Z" className={css.lamp} />
        <path d="M323.500 221h19L333 210Z" className={css.dark} />
      </g>
      <g className={css.ripples}>
        <path d="M168 326h34m20 0h12M60 372h44m14 0h10M238 366h60m16 0h10M330 392h40M92 412h24" />
        <path d="M150 436h54m18 0h10M290 428h26M30 448h30" />
      </g>
      <g transform={`translate(${66 + way * 150} ${342 + way * 44}) scale(${0.62 + way * 0.5})`}>
        <g className={css.boat}>
          <path d="M-3-78c24 14 37 37 40 63H-3Z" className={css.sail} />
          <path d="M-9-66c-8 18-17 34-29 51h29Z" className={css.jib} />
          <path
            d="M12-24c-7-3.400-9.600-10.500-6-17 1.400-2.600 3.700-4.500 6.200-5.100-.8 4.300-.3 8 2.100 10.700 1.400-3.400 4-6 7.700-6.800 2.500 6.400 1.200 14-4.700 18.100-1.800 1.100-3.600 1-5.300.1Z"
            className={css.claw}
          />
          <path d="M-6-82v72" className={css.mast} />
          <path d="M-46-9h88c-6 15-17 22-30 22h-26c-16 0-27-8-32-22Z" className={css.hull} />
        </g>
        <path d="M-40 24h76m-58 9h36" className={css.wake} />
      </g>
      <path d="M0 492c64-30 140-26 206-8s150 8 214-16v52H0Z" className={css.shore} />
    </svg>
  );
}
