// A publisher of another contract is refused by name, whichever operation meets it, before it is asked anything.
import { PUBLISHER_CONTRACT, type Publisher } from '@slipway/core';
import { abort } from './abort.ts';
import { withYard } from './phases.fixture.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { verifyRelease } from './verify-release.ts';

const yard = withYard();

const OTHER = (PUBLISHER_CONTRACT + 1) as typeof PUBLISHER_CONTRACT;

const asked: string[] = [];
const foreign = (): Publisher[] => {
	asked.length = 0;
	const preflight: Publisher['preflight'] = async (request, context) => {
		asked.push(request.operation);
		return yard().simulated('two').preflight(request, context);
	};
	return yard().publishers({ contract: OTHER, preflight });
};

const toUndo = () => ({
	...yard().request({ publishers: foreign() }),
	version: '1.0.0',
	reason: 'bad',
	act: true,
});

test.each<[string, () => Promise<unknown>]>([
	['a release that goes on', () => yard().run({ publishers: foreign() })],
	['abort', () => abort(toUndo(), yard().context)],
	['rollback', () => rollback(toUndo(), yard().context)],
	['rollback to what the targets have', () => rollback({ ...toUndo(), to: '0.9.0' }, yard().context)],
	['restore', () => restore(toUndo(), yard().context)],
	['status', () => status(toUndo(), yard().context)],
	['verify', () => verifyRelease(toUndo(), yard().context)],
])('%s', async (_name, operate) => {
	await yard().run();
	await expect(operate()).rejects.toMatchObject({
		code: 'PUBLISHER_CONTRACT_UNKNOWN',
		message: `expected publisher contract ${PUBLISHER_CONTRACT}, got ${OTHER} from target "two"`,
	});
	expect(asked).toEqual([]);
});
