import { describeWith, findTool, toToolVerdict } from './describe-with.ts';

const nowhere = { PATH: '/nonexistent' };

test.each([
	['a tool that is there', 'node', process.env, 'run'],
	['an absent tool on a laptop', 'node', nowhere, 'skip'],
	['an absent tool in CI', 'node', { ...nowhere, CI: 'true' }, 'fail'],
	['a folder of that name', 'bin', { PATH: '/usr', CI: '1' }, 'fail'],
	['no PATH at all', 'node', {}, 'skip'],
])('%s', (_name, tool, environment, verdict) => {
	expect(toToolVerdict(tool, environment)).toBe(verdict);
});

describeWith('node', 'with a tool that is there', () => {
	test('the body runs', () => {
		expect(findTool('node')).toMatch(/node/);
	});
});
