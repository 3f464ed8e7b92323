/** Finds out what this person's Docker is and can do. */
import { join } from 'node:path';
import type { Run } from '../../doors.ts';
import { ProblemError } from '../../problem.ts';
import type { EngineState } from '../sandbox.ts';
import { createDocker, type Docker, dockerWords } from './call.ts';
import {
  engineStateFrom,
  hostFrom,
  infoFrom,
  isLocal,
  type Means,
  meansFrom,
  stateWithoutInfo,
} from './probe.ts';

const timeoutMs = 30_000;

/** An engine that can carry a home. */
export interface Engine {
  readonly docker: Docker;
  /** Its address: `unix:///…`. */
  readonly host: string;
  readonly means: Means;
}

export interface EngineFinder {
  /** Looks anew. */
  probe(signal: AbortSignal): Promise<EngineState>;
  /**
   * The engine, looked at once.
   * @throws ProblemError `engine-not-ready` when it can't carry a home
   */
  ready(signal: AbortSignal): Promise<Engine>;
}

type Look = { readonly state: EngineState; readonly engine: Engine | null };

export function createEngineFinder(run: Run, dataFolder: string): EngineFinder {
  const configFolder = join(dataFolder, 'docker');
  let known: Engine | null = null;

  const look = async (signal: AbortSignal): Promise<Look> => {
    const nothing = (state: EngineState): Look => ({ state, engine: null });
    // With the person's own configuration: which engine is theirs is for them to say.
    const chosen = await run({ file: 'docker', args: ['context', 'inspect'], timeoutMs, signal });
    if (chosen.is === 'not-found') return nothing({ is: 'absent' });
    const host = chosen.is === 'exited' ? hostFrom(chosen) : null;
    if (host === null) return nothing({ is: 'broken', detail: 'docker context inspect' });
    if (!isLocal(host)) return nothing({ is: 'broken', detail: 'Docker works on another computer' });

    const [file = '', ...args] = dockerWords(host, ['info', '--format={{json .}}']);
    const environment = { DOCKER_CONFIG: configFolder };
    const answer = await run({ file, args, environment, timeoutMs, signal });
    if (answer.is !== 'exited') return nothing({ is: 'broken', detail: `docker info: ${answer.is}` });
    const info = infoFrom(answer);
    if (!info) return nothing(stateWithoutInfo(answer));
    const state = engineStateFrom(info);
    if (state.is !== 'ready') return nothing(state);
    return { state, engine: { docker: createDocker(run, host, configFolder), host, means: meansFrom(info) } };
  };

  return {
    async probe(signal) {
      const { state, engine } = await look(signal);
      known = engine;
      return state;
    },
    async ready(signal) {
      if (known) return known;
      const { state, engine } = await look(signal);
      if (!engine) throw new ProblemError('engine-not-ready', { state: state.is }, ['check-now']);
      known = engine;
      return engine;
    },
  };
}
