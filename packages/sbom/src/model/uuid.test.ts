import { toSbomUuid, toUuid } from './uuid.ts';

test.each([
	// as Python's uuid.uuid5(uuid.NAMESPACE_URL, name) gives them
	['https://example.com/', 'dd2c1780-811a-5296-81c5-178a0ef488bc'],
	[`urn:sha256:${'ab'.repeat(32)}`, 'bf99eab8-d6e2-5857-9f75-a3c62380d409'],
])('UUIDv5 of %s', (name, expected) => {
	expect(toUuid(name)).toBe(expected);
});

test('of a digest', () => {
	expect(toSbomUuid('ab'.repeat(32))).toBe('bf99eab8-d6e2-5857-9f75-a3c62380d409');
});
