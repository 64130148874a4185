// An action for run-action.test.ts: what it does is chosen by its first input.
import { SlipwayError } from '@slipway/core';
import { downloadArtifact, type Runner, runAction, uploadArtifact } from './index.ts';

const outputs = { state: undefined, digest: undefined };

const scenes: Record<
	string,
	(runner: Runner, text: string) => Promise<{ outputs: typeof outputs | object }>
> = {
	succeed: async ({ context, workspace }, text) => {
		context.log.info(text);
		context.log.warning(text);
		return { outputs: { ...outputs, state: workspace } };
	},
	refuse: async (_runner, text) => {
		throw new SlipwayError('FIXTURE_REFUSED', `expected one thing, got ${text}`, {
			hint: 'do another thing',
		});
	},
	report: async (_runner, text) => ({
		outputs: { ...outputs, state: 'explained' },
		markdown: '# A page\n'.repeat(Number(text)),
		refusal: new SlipwayError('FIXTURE_REFUSED', 'expected one thing, got another', {
			hint: 'read the page',
		}),
	}),
	crash: async () => {
		throw new TypeError('a defect');
	},
	secret: async ({ context, maskSecret }, text) => {
		maskSecret(text);
		context.log.info(text);
		return { outputs };
	},
	upload: async (runner, text) => {
		const { sha256 } = await uploadArtifact('release.tar', Buffer.from(text), runner);
		return { outputs: { ...outputs, digest: sha256 } };
	},
	download: async (runner, text) => {
		const bytes = await downloadArtifact({ name: 'release.tar', sha256: text }, runner);
		return { outputs: { ...outputs, state: Buffer.from(bytes).toString() } };
	},
	wait: async ({ context }) => {
		context.log.info('waiting');
		await context.clock.sleep(60_000, context.signal).catch(() => context.signal.throwIfAborted());
		return { outputs };
	},
};

await runAction(
	{
		inputs: {
			scene: { kind: 'choice', values: Object.keys(scenes) },
			text: { kind: 'string' },
			key: { kind: 'string', secret: true },
			releases: { kind: 'boolean' },
		},
		outputs: ['state', 'digest'],
		releases: true,
	},
	async (inputs, runner) => {
		const scene = scenes[inputs.scene];
		if (!scene) throw new Error(`no scene ${inputs.scene}`);
		return (await scene(runner, inputs.text ?? '')) as { outputs: typeof outputs };
	},
);
