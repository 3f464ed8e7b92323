import { type ReactNode, useEffect, useRef, useState } from 'react';

/** A part that scrolls. While it overflows it can be reached and scrolled with the keyboard. */
export function ScrollArea({
  children,
  className,
  as: Part = 'div',
}: {
  readonly children: ReactNode;
  readonly className: string | undefined;
  readonly as?: 'div' | 'main';
}) {
  const part = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const box = part.current;
    if (box === null) return;
    const look = () => setOverflows(box.scrollHeight > box.clientHeight + 1);
    const observer = new ResizeObserver(look);
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <Part ref={part} className={className} {...(overflows ? { tabIndex: 0 } : {})}>
      {children}
    </Part>
  );
}
