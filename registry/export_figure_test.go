package registry

// ReadFigure is what becomes of a file before it is kept.
var ReadFigure = readFigure
