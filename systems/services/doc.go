// Package services is government services (政务服务): items, applications, decisions,
// licences.
package services
