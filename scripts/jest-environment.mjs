// The environment of jest for Node, without what makes tests of it slower than programs.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

/** How much of the way to an error is kept. Jest keeps 100 frames, and a test of what is refused makes thousands of errors. */
const FRAMES = 25;

export default class PlainEnvironment extends TestEnvironment {
	constructor(config, context) {
		// An ordinary global object: in jest's own context every `Math`, `Buffer` or `JSON` that a test or the code under
		// test names is looked up through a proxy, a microsecond each. It has no option for it; it makes its context while
		// it is constructed, and nothing else is made meanwhile.
		vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
		try {
			super(config, context);
		} finally {
			vm.createContext = createContext;
		}
	}

	async setup() {
		await super.setup();
		// What jest-transform.mjs makes needs no source maps, which jest asks for every frame of every error that is looked at.
		Error.prepareStackTrace = undefined;
		for (const { Error: each } of [globalThis, this.global]) each.stackTraceLimit = FRAMES;
	}
}
