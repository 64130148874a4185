import { FAULT_NAMES, findFault } from './catalog.ts';

test('the faults that can be asked for', () => {
	expect(FAULT_NAMES).toEqual(['kill', 'lost-reply', '503', 'slow-scan', 'torn-upload']);
});

test('an unknown name is refused with all known ones', () => {
	expect(() => findFault('earthquake\u001b[31m')).toThrow(
		expect.objectContaining({
			code: 'REHEARSAL_FAULT_UNKNOWN',
			message: expect.stringMatching(/kill, lost-reply, 503, slow-scan, torn-upload.*earthquake\\/),
		}),
	);
});
