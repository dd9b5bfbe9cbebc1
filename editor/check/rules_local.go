package check

// localRules look at what local standards must keep (地方标准管理办法) and what
// holds for a unified standard of several regions.
var localRules = []Rule{}
