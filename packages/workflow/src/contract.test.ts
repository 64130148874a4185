import { toContract, toRequiredPermissions } from './contract.ts';
import { LIBRARY } from './library.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { toResolve } from './resolve.ts';

const called = (path: string, jobs: string, top = 'permissions: {}'): ReturnType<typeof parseWorkflow> =>
	parseWorkflow(`on: workflow_call\n${top}\njobs:\n${jobs}`, `.github/workflows/${path}`);

const INNER = called(
	'inner.yml',
	'  a: { permissions: { contents: write } }\n  b: { permissions: { issues: read } }',
);
const OUTER = called(
	'outer.yml',
	'  a: { permissions: { issues: write } }\n  b: { permissions: {}, uses: ./.github/workflows/inner.yml }',
);

test('what is required is the union over all jobs and over what they call, skipped jobs included', () => {
	const never = called('never.yml', '  a: { if: false, permissions: { checks: write } }');
	expect(toRequiredPermissions(never, () => undefined)).toEqual({ checks: 'write' });
	expect(toRequiredPermissions(OUTER, toResolve([OUTER, INNER], LIBRARY))).toEqual({
		contents: 'write',
		issues: 'write',
	});
});

test('a job that does not say has what its workflow says', () => {
	const workflow = called('a.yml', '  a: {}\n  b: { permissions: {} }', 'permissions: { contents: read }');
	expect(toRequiredPermissions(workflow, () => undefined)).toEqual({ contents: 'read' });
	expect(toRequiredPermissions(called('a.yml', '  a: {}', ''), () => undefined)).toEqual({});
});

test('workflows that call each other in a circle end', () => {
	const a = called('a.yml', '  j: { permissions: { checks: read }, uses: ./.github/workflows/b.yml }');
	const b = called('b.yml', '  j: { permissions: { pages: read }, uses: ./.github/workflows/a.yml }');
	expect(toRequiredPermissions(a, toResolve([a, b], LIBRARY))).toEqual({ checks: 'read', pages: 'read' });
});

test('a workflow that cannot be called has no contract', () => {
	expect(toContract(parseWorkflow('on: push\njobs: {}', 'a.yml'), () => undefined)).toBeUndefined();
	expect(toContract(INNER, () => undefined)).toEqual({
		inputs: {},
		secrets: {},
		outputs: [],
		permissions: { contents: 'write', issues: 'read' },
		waits: false,
	});
});

test('the library is found under every owner, and nothing else under its name', () => {
	const resolve = toResolve([INNER], LIBRARY);
	const release = LIBRARY.workflows['.github/workflows/release.yml'];
	expect(release?.waits).toBe(true);
	expect(resolve('any/Slipway/.github/workflows/release.yml@v1')).toBe(release);
	expect(resolve('any/other/.github/workflows/release.yml@v1')).toBeUndefined();
	expect(resolve('any/slipway/constructor@v1')).toBeUndefined();
	expect(resolve('any/my-slipway/.github/workflows/release.yml@v1')).toBeUndefined();
	expect(resolve('docker://any/slipway')).toBeUndefined();
	expect(resolve('$/.github/workflows/inner.yml')?.permissions).toEqual({
		contents: 'write',
		issues: 'read',
	});
	expect(resolve('$/.github/workflows/none.yml')).toBeUndefined();
});

test('a loop that branches at each level ends soon', () => {
	const jobs = Array.from(
		{ length: 8 },
		(_, index) => `  j${index}: { uses: ./.github/workflows/a.yml }`,
	).join('\n');
	const loop = called('a.yml', jobs);
	const start = process.threadCpuUsage();
	toRequiredPermissions(loop, toResolve([loop], LIBRARY));
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
});
