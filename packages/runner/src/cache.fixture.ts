// A step that keeps answers: asks for each line of its input, and keeps what it had to ask for.
import { openCheckCache } from './cache.ts';
import { runAction } from './run-action.ts';

await runAction(
	{
		inputs: { questions: { kind: 'list' }, later: { kind: 'string' } },
		outputs: ['answers'],
		releases: false,
	},
	async ({ questions, later = '0' }, runner) => {
		const clock = { ...runner.context.clock, now: () => Date.now() + Number(later) };
		const cache = await openCheckCache({ ...runner, context: { ...runner.context, clock } });
		const answers: string[] = [];
		for (const question of questions) {
			const found = await cache.get(question);
			answers.push(found ? Buffer.from(found.body).toString() : 'asked');
			if (!found)
				await cache.put(question, Buffer.from(`answer to ${question}${later === '0' ? '' : ', later'}`));
		}
		return { outputs: { answers: answers.join(', ') }, markdown: cache.toMarkdown() };
	},
);
