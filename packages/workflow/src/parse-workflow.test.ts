import fc from 'fast-check';
import { BAD, GOOD } from './corpus.fixture.ts';
import { parseWorkflow } from './parse-workflow.ts';

const toError = (source: string | Uint8Array): Error & { readonly code?: string } => {
	try {
		parseWorkflow(source, 'w.yml');
	} catch (error) {
		return error as Error;
	}
	throw new Error('accepted');
};

test.each(Object.entries(GOOD))('reads %s', (_, source) => {
	expect(parseWorkflow(source, 'w.yml').path).toBe('w.yml');
});

test('reads what calls and rights depend on, and takes the forms of a key for one', () => {
	const { call, jobs, ...rest } = parseWorkflow(GOOD['a called workflow'] ?? '', 'a/b.yml');
	expect(rest).toEqual({
		path: 'a/b.yml',
		name: 'Called',
		triggers: ['workflow_call'],
		dispatchInputs: {},
		env: {},
		permissions: {},
		concurrency: { group: 'g', cancels: false, queue: 'max' },
	});
	expect(call).toEqual({
		inputs: {
			version: { type: 'string', required: true, description: 'Which.' },
			'dry-run': { type: 'boolean', required: false, description: '', default: false },
			days: { type: 'number', required: false, description: '' },
		},
		secrets: { key: { required: true, description: '' }, token: { required: false, description: '' } },
		outputs: { state: { value: '${' + '{ jobs.a.outputs.state }}', description: '' } },
	});
	const none = { with: {}, secrets: {}, env: {}, outputs: {}, steps: [] };
	expect(jobs).toEqual([
		{
			...none,
			id: 'a',
			name: '1',
			condition: '${' + '{ always() }}',
			permissions: { contents: 'write' },
			needs: [],
			environment: 'npm',
			outputs: { state: '${' + '{ steps.s.outputs.state }}' },
			steps: [
				{
					id: 's',
					uses: '$/actions/expose',
					with: { version: '1', n: 2, flag: true, nothing: null },
					env: { A: 'b' },
				},
			],
		},
		{
			...none,
			id: 'b',
			permissions: 'write-all',
			needs: ['a'],
			environment: 'other',
			uses: './.github/workflows/b.yml',
			with: { a: 1 },
			secrets: 'inherit',
		},
	]);
});

test('permissions with nothing behind them grant nothing; none at all is something else', () => {
	const toPermissions = (line: string): unknown =>
		parseWorkflow(`on: push\n${line}\njobs: {}`, 'w.yml').permissions;
	expect(toPermissions('permissions:')).toEqual({});
	expect(toPermissions('')).toBeUndefined();
});

// Functions instead of texts: the runner would print them into its titles.
const attempts = Object.entries(BAD).map(
	([name, { source, code = 'WORKFLOW_INVALID' }]) =>
		[name, { code, attempt: () => toError(source) }] as const,
);

test.each(attempts)('refuses %s, in less than 200 ms of processor time', (_, { code, attempt }) => {
	attempt();
	const start = process.threadCpuUsage();
	expect(attempt()).toMatchObject({ name: 'SlipwayError', code, hint: expect.stringMatching(/\w/) });
	const { user, system } = process.threadCpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(200);
});

test('names the place of every problem, and nothing that a terminal obeys', () => {
	const { message } = toError(
		'on: push\npermissions: { contents: admin }\njobs: { a: { steps: 1 }, "b": { needs: {} } }\n',
	);
	expect(message).toMatch(/2:1 permissions[^\n]*\n.*3:\d+ jobs\.a\.steps[^\n]*\n.*3:\d+ jobs\.b\.needs/);
	expect(toError('on: push\njobs: { "\\e[31m": 1 }').message).not.toContain('\u001b');
});

/** A seed with a piece cut out and another put in. */
const mutant = fc
	.record({
		seed: fc.constantFrom(...Object.values(GOOD)),
		at: fc.nat(1500),
		length: fc.nat(40),
		piece: fc.oneof(
			fc.string({ maxLength: 20 }),
			fc.constantFrom('&a', '*a', '{', '[', '- ', ': ', '\n', '"', '__proto__: ', '<<: ', '!!binary '),
		),
	})
	.map(({ seed, at, length, piece }) => seed.slice(0, at) + piece + seed.slice(at + length));

test('whatever it is given, it returns a workflow or an error of its own', () => {
	fc.assert(
		fc.property(mutant, (source) => {
			try {
				expect(Array.isArray(parseWorkflow(source, 'w.yml').jobs)).toBe(true);
			} catch (error) {
				expect(error).toMatchObject({ code: expect.stringMatching(/^WORKFLOW_(INVALID|TOO_LARGE)$/) });
			}
		}),
		{ numRuns: 1500, interruptAfterTimeLimit: 5000 },
	);
});
