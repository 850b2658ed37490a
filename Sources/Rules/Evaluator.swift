/// The state machine of one rule, as the engine drives it.
package protocol Evaluator: AnyObject {}
