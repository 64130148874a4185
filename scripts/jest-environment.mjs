// The environment of jest for Node with an ordinary global object. In its own one every `Math`, `Buffer` or `JSON` that a
// test or the code under test names is looked up through a proxy: a microsecond each, a thousand times what it costs in a
// program, which made most of what a test of a parser takes.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

export default class OrdinaryGlobalEnvironment extends TestEnvironment {
	constructor(config, context) {
		// What it has no option for: it makes its context while it is constructed, and nothing else is made meanwhile.
		vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
		try {
			super(config, context);
		} finally {
			vm.createContext = createContext;
		}
	}
}
