import { Answer, ModelChoice } from '../main/contract.ts';

/** What is wrong with a field: the end of its key under `question.model-key`. */
export interface ModelErrors {
  readonly key?: 'bad-key';
  readonly baseUrl?: 'bad-url';
  readonly modelId?: 'bad-model-id';
}

/** What the model form holds, or what is wrong with it. */
export type ModelInput =
  | { readonly ok: true; readonly model: ModelChoice; readonly key: string | null }
  | { readonly ok: false; readonly errors: ModelErrors };

/** A key as the person pasted it, without the blanks around it; null when it can't be one. */
export function readKey(pasted: string): string | null {
  const answer = Answer.safeParse({ is: 'model-key', key: pasted.trim() });
  return answer.success && answer.data.is === 'model-key' ? answer.data.key : null;
}

/** Reads the model form against the contract. An empty key means "none given now". */
export function readModel(form: FormData): ModelInput {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const provider = text('provider');
  const pasted = text('key');
  const key = pasted === '' || provider === 'later' ? null : readKey(pasted);
  const wrongKey = pasted !== '' && provider !== 'later' && key === null;
  const model = ModelChoice.safeParse(
    provider === 'custom' ? { provider, baseUrl: text('baseUrl'), modelId: text('modelId') } : { provider },
  );
  if (model.success && !wrongKey) return { ok: true, model: model.data, key };
  const wrong = new Set(model.success ? [] : model.error.issues.map((issue) => issue.path[0]));
  return {
    ok: false,
    errors: {
      ...(wrongKey ? { key: 'bad-key' } : {}),
      ...(wrong.has('baseUrl') ? { baseUrl: 'bad-url' } : {}),
      ...(wrong.has('modelId') ? { modelId: 'bad-model-id' } : {}),
    },
  };
}
