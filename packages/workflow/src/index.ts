export { checkCaller, type WorkflowFile } from './check-caller.ts';
export type { CallerCode, WorkflowCode } from './code.ts';
export { type Contract, type Library, type Resolve, toContract, toRequiredPermissions } from './contract.ts';
export type { WorkflowFinding } from './finding.ts';
export { LIBRARY } from './library.ts';
export { parseWorkflow } from './parse-workflow.ts';
export {
	type Grant,
	hasIdentity,
	type Level,
	type Permissions,
	toExcess,
	toLacking,
	toPermissionsBlock,
	toUnion,
} from './permissions.ts';
export { toResolve } from './resolve.ts';
export { type Pin, parseUses, toPin, type Uses } from './uses.ts';
export {
	type Concurrency,
	type Input,
	type InputType,
	type Interface,
	type Job,
	type Scalar,
	type Secret,
	type Step,
	toGrant,
	type Workflow,
} from './workflow.ts';
