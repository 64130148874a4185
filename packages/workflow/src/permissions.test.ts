import { hasIdentity, toExcess, toLacking, toPermissionsBlock, toUnion } from './permissions.ts';

test('a union takes the higher level of each scope, in the order of their names', () => {
	const union = toUnion([
		{ issues: 'write' },
		{ contents: 'read', issues: 'read' },
		{ contents: 'write' },
		{},
	]);
	expect(Object.entries(union)).toEqual([
		['contents', 'write'],
		['issues', 'write'],
	]);
	expect(toUnion([])).toEqual({});
});

test.each([
	['{}', {}, { contents: 'read' }, { contents: 'read' }, {}],
	['less', { contents: 'read' }, { contents: 'write' }, { contents: 'write' }, {}],
	['more', { contents: 'write' }, { contents: 'read' }, {}, { contents: 'write' }],
	['the same', { contents: 'write' }, { contents: 'write' }, {}, {}],
	['another', { issues: 'read' }, { contents: 'read' }, { contents: 'read' }, { issues: 'read' }],
	['read-all', 'read-all', { contents: 'write', actions: 'read' }, { contents: 'write' }, {}],
	['read-all for an identity', 'read-all', { 'id-token': 'write' }, { 'id-token': 'write' }, {}],
	['write-all', 'write-all', { contents: 'write', 'id-token': 'write' }, {}, {}],
	['a name of every object', {}, { constructor: 'read' }, { constructor: 'read' }, {}],
] as const)('%s', (_, grant, required, lacking, excess) => {
	expect(toLacking(grant, required)).toEqual(lacking);
	expect(toExcess(grant, required)).toEqual(excess);
});

test('only writing is an identity', () => {
	expect(hasIdentity(undefined)).toBe(false);
	expect(hasIdentity('read-all')).toBe(false);
	expect(hasIdentity({ 'id-token': 'read' })).toBe(false);
	expect(hasIdentity({ 'id-token': 'write' })).toBe(true);
	expect(hasIdentity('write-all')).toBe(true);
});

test('the block is what a workflow file holds', () => {
	expect(toPermissionsBlock({ contents: 'read', issues: 'write' }, '  ')).toBe(
		'  permissions:\n    contents: read\n    issues: write',
	);
	expect(toPermissionsBlock({})).toBe('permissions: {}');
});
