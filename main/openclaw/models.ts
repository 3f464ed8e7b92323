import type { ModelChoice } from '../contract.ts';

/** How OpenClaw's own onboarding is told about a model provider. */
interface Onboarding {
  /** Arguments of `openclaw onboard`. */
  readonly args: readonly string[];
  /** The environment variable in which it expects the key; null when there is no key. */
  readonly keyName: string | null;
}

/** A server that speaks one of OpenAI's protocols, which needs no plugin to be fetched from anywhere. */
function compatible(
  baseUrl: string,
  modelId: string,
  protocol: 'openai' | 'openai-responses' = 'openai',
): Onboarding {
  return {
    args: [
      '--auth-choice',
      'custom-api-key',
      '--custom-base-url',
      baseUrl,
      '--custom-model-id',
      modelId,
      '--custom-compatibility',
      protocol,
    ],
    keyName: 'CUSTOM_API_KEY',
  };
}

/**
 * What to tell OpenClaw's onboarding for a choice of model.
 *
 * Addresses and default models are those that OpenClaw 2026.9.6 documents for
 * each provider. Providers whose plugin OpenClaw would have to download at
 * set-up are reached through their OpenAI-compatible address instead.
 */
export function onboardingFor(model: ModelChoice): Onboarding {
  switch (model.provider) {
    case 'later':
      return { args: ['--auth-choice', 'skip'], keyName: null };
    case 'openai':
      // Its own choice fetches a plugin into OpenClaw's programs, which nothing may write to.
      return compatible('https://api.openai.com/v1', 'gpt-6-astra', 'openai-responses');
    case 'anthropic':
      return { args: ['--auth-choice', 'apiKey'], keyName: 'ANTHROPIC_API_KEY' };
    case 'deepseek':
      return compatible('https://api.deepseek.com/v1', 'deepseek-v4-pro');
    case 'moonshot':
      return compatible('https://api.moonshot.cn/v1', 'kimi-k3');
    case 'qwen':
      return compatible('https://dashscope.aliyuncs.com/compatible-mode/v1', 'qwen3.5-plus');
    case 'zai':
      return compatible('https://open.bigmodel.cn/api/paas/v4', 'glm-5.2');
    case 'volcengine':
      return compatible('https://ark.cn-beijing.volces.com/api/v3', 'doubao-seed-evolving');
    case 'custom':
      return compatible(model.baseUrl, model.modelId);
  }
}

/** The address of the server that answers for a model; null: none is connected. */
export function serverOf(model: ModelChoice): string | null {
  const { args } = onboardingFor(model);
  const at = args.indexOf('--custom-base-url');
  if (at >= 0) return args[at + 1] ?? null;
  return model.provider === 'anthropic' ? 'https://api.anthropic.com' : null;
}

/** Whether the same service answers for both, so that the key for one is good for the other. */
export function isSameService(one: ModelChoice, other: ModelChoice): boolean {
  if (one.provider === 'custom' && other.provider === 'custom') return one.baseUrl === other.baseUrl;
  return one.provider === other.provider;
}
