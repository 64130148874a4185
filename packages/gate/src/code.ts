export type GateCode =
	/** A gate failed under the policy: nothing of this Release may leave. */
	| 'GATE_REFUSED'
	/** gate/report.json is not one. */
	| 'GATE_REPORT_INVALID'
	/** An emergency without a name or a reason. */
	| 'GATE_EMERGENCY_INVALID'
	/** A value of the policy that its schema cannot check. */
	| 'GATE_POLICY_INVALID'
	/** An OSV dump that is none, or beyond its limits. */
	| 'GATE_DUMP_INVALID'
	/** The index of vulnerabilities cannot be read or is no index of this version. */
	| 'GATE_INDEX_INVALID'
	/** What a registry answered is no list of advisories. */
	| 'GATE_REPLY_INVALID'
	/** A VEX document that is none. */
	| 'GATE_VEX_INVALID'
	/** An SBOM from which no components can be read. */
	| 'GATE_SBOM_INVALID'
	/** An artifact that is not the package that its name says. */
	| 'GATE_PACKAGE_INVALID';
