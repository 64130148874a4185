export { BUNDLE_MEDIA_TYPE, BUNDLE_SUFFIX, toPae } from './dsse.ts';
export {
	findPredicateKind,
	PREDICATE_KINDS,
	PREDICATE_TYPES,
	type PredicateKind,
} from './predicate-kinds.ts';
export { Revocation } from './revocation.ts';
export {
	MAX_SUBJECTS,
	parseStatement,
	STATEMENT_PAYLOAD_TYPE,
	STATEMENT_TYPE,
	type Statement,
	type StatementCode,
	StatementSubject,
	toStatement,
} from './statement.ts';
